// The first byte chooses how the rest is cut into datagrams, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/dhcp/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  dhcp::parser parser{dhcp::settings{.extended = true}};
  cresset::test::fuzz_feed(parser, dhcp::description, bytes, size);
  return 0;
}
