// The reader of partners' incident objects: any bytes give an incident or a sentence, and never
// more lines than it allows.
#include "coord/stix/from_incident.hpp"
#include "coord/stix/to_incident.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cresset::coord::stix;
  const auto read = to_incident({reinterpret_cast<const char*>(bytes), size});
  if (!read && read.error().sentence.empty())
    std::abort();
  if (read &&
      (read->observed.size() > observed_limit || read->severity < 0 || read->severity > 100))
    std::abort();
  return 0;
}
