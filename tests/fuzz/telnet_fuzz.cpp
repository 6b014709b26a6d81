// Frames are gathered, so that every place a frame may begin or end is tried. Otherwise as in the
// other stream parsers' targets.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/telnet/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  telnet::parser parser;
  parser.frames()->wake();
  cresset::test::fuzz_feed(parser, telnet::description, bytes, size);
  return 0;
}
