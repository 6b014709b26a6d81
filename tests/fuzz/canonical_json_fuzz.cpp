// Whatever the reader takes, its canonical form must read back as the same value and be its own
// canonical form.
#include "coord/signed/canonical_json.hpp"
#include "coord/signed/key_record.hpp"
#include "coord/signed/object.hpp"

#include <cstdint>
#include <cstdlib>

using namespace cresset::coord::signed_;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  if (const auto read = read_json(text)) {
    const auto written = write_canonical(*read);
    // A short escape can grow sixfold; past the limit the writer may refuse what the reader took.
    if (!written && written.error().code != json_errc::too_large)
      std::abort();
    if (written) {
      const auto again = read_canonical(*written);
      if (!again || !(*again == *read))
        std::abort();
    }
  }
  (void)read_key_record(text);
  (void)verify_object({std::string{text}, std::string{text}}, key_record{});
  return 0;
}
