"""Sends one message of each kind with Segment's SDK for Python, and says how many it holds for delivered."""

import sys

import segment.analytics as analytics

host, write_key = sys.argv[1:]
failed = []
analytics.host = host
analytics.write_key = write_key
analytics.gzip = True
analytics.on_error = lambda error, items: failed.append((error, len(items)))
user = "ada"
analytics.identify(user, {"plan": "gold"}, anonymous_id="a-browser")
analytics.track(user, "Points redeemed", {"points": 250})
analytics.page(user, None, "Home")
analytics.screen(user, None, "Cart")
analytics.group(user, "household", {"size": 3})
analytics.alias("a-browser", user)
analytics.shutdown()
print(f"failed {failed}" if failed else "delivered 6")
