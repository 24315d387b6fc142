// A provider of identities on loopback, as certified by the OpenID Foundation. It prints its address, and goes when its input ends.
// Whoever signs in is called `id|email|whether it is verified|name`, and is believed.
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const [redirect, tellsInToken] = process.argv.slice(2);

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'footpath', client_secret: 'only-for-trials', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // Without this the address is told by a request of its own only.
    conformIdTokenClaims: tellsInToken !== 'in-token',
    cookies: { keys: ['only for trials'] },
    pkce: { required: () => true },
    findAccount: (_, sub) => {
      const [, email, verified, name] = sub.split('|');
      return {
        accountId: sub,
        claims: () => ({ sub, email, email_verified: verified === 'true', name }),
      };
    },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});

process.stdin.on('end', () => process.exit(0)).resume();
