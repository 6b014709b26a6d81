// Bit 7 of the first byte: few transactions; bit 6: datagrams. Otherwise as in the other stream
// parsers' targets.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/nfs/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  nfs::settings wanted;
  if ((bytes[0] & 0x80U) != 0)
    wanted.limit_live = 4;
  nfs::parser parser{(bytes[0] & 0x40U) != 0 ? transport::udp : transport::tcp, wanted};
  cresset::test::fuzz_feed(parser, nfs::description, bytes, size);
  return 0;
}
