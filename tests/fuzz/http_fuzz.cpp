// The first byte chooses how the rest is cut: chunks of changing size, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/http/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  http::settings small;
  small.request_body_limit = small.response_body_limit = 4096;
  const http::personality rules{small};
  const auto parser = http::make_parser(rules, 50000, 80);
  cresset::test::fuzz_feed(*parser, http::description, bytes, size);
  return 0;
}
