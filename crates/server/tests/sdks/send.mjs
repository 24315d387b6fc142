// Sends one message of each kind with Segment's SDK for Node, and says how many it holds for delivered.
import { Analytics } from '@segment/analytics-node';

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, flushAt: 3, maxRetries: 0 });
let failed = 0;
analytics.on('error', (cause) => {
  failed += 1;
  console.error(cause);
});
let delivered = 0;
const told = () => {
  delivered += 1;
};
const userId = 'ada';
const one = (method, message) => analytics[method]({ userId, ...message }, told);
one('identify', { anonymousId: 'a-browser', traits: { plan: 'gold' } });
one('track', { event: 'Points redeemed', properties: { points: 250 } });
one('page', { name: 'Home' });
one('screen', { name: 'Cart' });
one('group', { groupId: 'household', traits: { size: 3 } });
one('alias', { previousId: 'a-browser' });
await analytics.closeAndFlush();
console.log(failed ? `failed ${failed}` : `delivered ${delivered}`);
