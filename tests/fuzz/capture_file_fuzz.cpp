// A capture file, pcap or pcapng by its first bytes, fed to its reader in pieces as pcap_file does.
#include "capture/source/pcapng_format.hpp"

#include <cstdlib>
#include <vector>

using namespace cresset;
using namespace cresset::capture::source;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

template <typename Format>
void read_all(Format format, byte_view rest) {
  // Each record takes at least one byte, so this ends.
  while (true) {
    const auto result = format.read(rest);
    if (result.status == record_status::need_more)
      require(result.needed > rest.size());
    if (result.status != record_status::packet && result.status != record_status::skipped)
      return;
    require(result.consumed > 0);
    if (result.status == record_status::packet) {
      const auto packet = result.record.bytes;
      require(result.consumed <= rest.size());
      require(packet.size() <= limit_record_bytes &&
              packet.size() <= result.record.wire_length_bytes);
      require(packet.empty() || (packet.data() >= rest.data() &&
                                 packet.data() + packet.size() <= rest.data() + result.consumed));
    }
    if (result.consumed > rest.size())
      return;
    rest = rest.subspan(result.consumed);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  const std::vector<std::byte> file(first, first + size);
  if (pcapng_format::is_magic(file))
    read_all(pcapng_format{}, file);
  else if (const auto format = pcap_format::from(file))
    read_all(*format, byte_view{file}.subspan(pcap_format::header_size));
  return 0;
}
