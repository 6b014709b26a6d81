// Bit 7 of the first byte chooses the transport; otherwise as in the other stream parsers' targets.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/dcerpc/datagram_parser.hpp"
#include "detect/proto/dcerpc/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const dcerpc::settings few{.limit_live = 4};
  if ((bytes[0] & 0x80U) != 0) {
    dcerpc::datagram_parser parser{few};
    cresset::test::fuzz_feed(parser, dcerpc::description, bytes, size);
    return 0;
  }
  dcerpc::parser parser{few};
  cresset::test::fuzz_feed(parser, dcerpc::description, bytes, size);
  return 0;
}
