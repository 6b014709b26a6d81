// The first byte chooses transport and how the rest is cut: chunks of changing size, each with a
// direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/ldap/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  ldap::parser parser{ldap::settings{.max_transactions = 8},
                      (bytes[0] & 0x80U) != 0 ? transport::tcp : transport::udp};
  cresset::test::fuzz_feed(parser, ldap::description, bytes, size);
  return 0;
}
