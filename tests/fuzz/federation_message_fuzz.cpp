// What a partner's connection can bring: the frames of a message, and the documents inside it. The
// input is cut into frames at 0x1e bytes. Whatever is taken must be written again as the same
// message, and an incoming stream must stand it.
#include "coord/federation/message.hpp"
#include "coord/federation/receipts.hpp"
#include "coord/federation/stream.hpp"

#include <cstdint>
#include <cstdlib>

using namespace cresset::coord::federation;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view left{reinterpret_cast<const char*>(bytes), size};
  std::vector<std::string_view> frames;
  while (frames.size() < message_limit_frames + 1) {
    const auto cut = left.find('\x1e');
    frames.push_back(left.substr(0, cut));
    if (cut == left.npos)
      break;
    left.remove_prefix(cut + 1);
  }
  if (const auto told = decode(frames)) {
    const auto again = encode(*told);
    const std::vector<std::string_view> views{again.begin(), again.end()};
    const auto back = decode(views);
    if (!back || back->index() != told->index())
      std::abort();
  }
  for (const auto& frame : frames) {
    (void)read_envelope(frame);
    (void)read_head(frame);
    (void)read_opening(frame);
    (void)read_receipt(frame);
  }
  return 0;
}
