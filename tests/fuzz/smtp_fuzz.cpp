// The first byte chooses how the rest is cut: chunks of changing size, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/smtp/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  smtp::settings wanted;
  wanted.logs_all_headers = wanted.body_md5 = wanted.subject_md5 = true;
  wanted.url_schemes = {"http", "https", "ftp"};
  const file_settings files{.md5 = true, .sha1 = true, .sha256 = true};
  smtp::parser parser{wanted, files};
  cresset::test::fuzz_feed(parser, smtp::description, bytes, size);
  return 0;
}
