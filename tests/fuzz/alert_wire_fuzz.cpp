// A record from a hostile sensor: it is refused, or every text in it is within its limits and
// prints as one line of event log, and writing it again gives a record that reads as the same
// alert.
#include "detect/alert/eve.hpp"
#include "detect/alert/wire.hpp"

#include <cstdlib>
#include <vector>

using namespace cresset;
using namespace cresset::detect::alert;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const byte_view record{reinterpret_cast<const std::byte*>(bytes), size};
  const auto read = decode(record);
  if (!read)
    return 0;
  std::string line;
  append_eve(line, *read,
             {.payload = true, .payload_printable = true, .packet = true, .sensor_name = true});
  if (line.find('\n') != line.size() - 1)
    std::abort();
  const auto again = decode(encode(*read));
  if (!again || !(*again == *read))
    std::abort();
  return 0;
}
