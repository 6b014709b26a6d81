// Bit 7 of the first byte: small limits. Otherwise as in the other stream parsers' targets.
#include "tests/support/fuzz_feed.hpp"

#include "detect/proto/smb/parser.hpp"

using namespace cresset::detect::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  smb::settings wanted;
  if ((bytes[0] & 0x80U) != 0)
    wanted = {.limit_live = 4,
              .max_read_size = 64,
              .max_write_size = 64,
              .max_read_queue_size = 32,
              .max_write_queue_size = 32,
              .max_read_queue_count = 2,
              .max_write_queue_count = 2};
  smb::parser parser{wanted};
  cresset::test::fuzz_feed(parser, smb::description, bytes, size);
  return 0;
}
