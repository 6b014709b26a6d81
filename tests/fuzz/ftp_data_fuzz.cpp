// A data connection is fed chunks of changing size, each with a direction.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/ftp/data_parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const file_settings files{.md5 = true, .sha1 = true, .sha256 = true};
  ftp::data_parser parser{std::make_shared<ftp::transfer>(ftp::transfer::command::stor, "name"),
                          files};
  cresset::test::fuzz_feed(parser, ftp::data_description, bytes, size);
  return 0;
}
