// The first byte chooses transport and how the rest is cut: chunks of changing size, each with a
// direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/krb5/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  krb5::parser parser{(bytes[0] & 0x80U) != 0 ? transport::tcp : transport::udp};
  cresset::test::fuzz_feed(parser, krb5::description, bytes, size);
  return 0;
}
