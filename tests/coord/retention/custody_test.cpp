#include "coord/retention/custody.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using namespace cresset::coord::retention;

namespace {
signed_::digest root_of(const std::vector<sealed_piece>& pieces) {
  seal_root root;
  for (const auto& piece : pieces)
    root.add(piece);
  return root.finish();
}
const sealed_piece packet{1, 7, "packet", signed_::digest::of("a")};
const sealed_piece payload{2, 7, "payload", signed_::digest::of("b")};
} // namespace

BOOST_AUTO_TEST_SUITE(coord_retention_custody)

BOOST_AUTO_TEST_CASE(the_root_is_the_hash_that_the_header_draws) {
  std::string hashed = "cresset evidence v1\n";
  hashed += std::string("\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\7\0\0\0\6packet", 26);
  hashed += cresset::as_text(packet.hash.bytes);
  BOOST_TEST((root_of({packet}) == signed_::digest::of(hashed)));
}

BOOST_AUTO_TEST_CASE(every_member_and_the_order_count) {
  const auto whole = root_of({packet, payload});
  auto other = payload;
  other.item = 3;
  BOOST_TEST((root_of({packet, other}) != whole));
  other = payload;
  other.position = 8;
  BOOST_TEST((root_of({packet, other}) != whole));
  other = payload;
  other.kind = "packet";
  BOOST_TEST((root_of({packet, other}) != whole));
  other = payload;
  other.hash = packet.hash;
  BOOST_TEST((root_of({packet, other}) != whole));
  BOOST_TEST((root_of({payload, packet}) != whole));
  BOOST_TEST((root_of({packet}) != whole));
}

BOOST_AUTO_TEST_SUITE_END()
