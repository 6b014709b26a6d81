// A message from a hostile peer, read as either end reads it: views stay inside, batches are
// without holes.
#include "detect/alert/uplink_message.hpp"

#include <cstdlib>

using namespace cresset;
using namespace cresset::detect::alert;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const byte_view message{reinterpret_cast<const std::byte*>(bytes), size};
  (void)read_server_message(message);
  const auto read = read_sensor_message(message);
  const auto* batch = read ? std::get_if<batch_message>(&read->body) : nullptr;
  if (!batch)
    return 0;
  std::uint64_t next = batch->first;
  for (const auto& entry : batch->entries) {
    const bool inside = entry.record.empty() ||
                        (entry.record.data() >= message.data() &&
                         entry.record.data() + entry.record.size() <= message.data() + size);
    if (entry.first != next || entry.last < entry.first || !inside)
      std::abort();
    next = entry.last + 1;
  }
  if (batch->last + 1 != next)
    std::abort();
  return 0;
}
