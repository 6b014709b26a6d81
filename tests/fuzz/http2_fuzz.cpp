// The first byte chooses how the rest is cut: chunks of changing size, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/http2/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  http2::settings small;
  small.request_body_limit = small.response_body_limit = 4096;
  small.stream_limit = 32;
  http2::parser parser{small};
  cresset::test::fuzz_feed(parser, http2::description, bytes, size);
  return 0;
}
