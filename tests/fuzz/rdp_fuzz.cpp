// The first byte chooses how the rest is cut: chunks of changing size, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/rdp/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  rdp::parser parser;
  cresset::test::fuzz_feed(parser, rdp::description, bytes, size);
  return 0;
}
