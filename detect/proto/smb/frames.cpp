#include "detect/proto/smb/frames.hpp"

#include <algorithm>

namespace cresset::detect::proto::smb {
namespace {

constexpr std::size_t record_head = 4;
constexpr std::size_t smb1_head = 32;
constexpr std::size_t smb2_head = 64;
constexpr std::size_t encrypted_head = 52;
constexpr std::size_t next_at = 20; ///< in the head of SMB 2: place of the chain's next message

struct names {
  std::string_view pdu, hdr, data;
};
constexpr names record{"nbss.pdu", "nbss.hdr", "nbss.data"};
constexpr names first{"smb1.pdu", "smb1.hdr", "smb1.data"};
constexpr names second{"smb2.pdu", "smb2.hdr", "smb2.data"};
constexpr names encrypted{"smb3.pdu", "smb3.hdr", "smb3.data"};

void name_all(const frame_cutter::namer& name, const names& of, std::uint64_t size,
              std::uint64_t head) {
  head = std::min(head, size);
  name(of.pdu, 0, size);
  name(of.hdr, 0, head);
  if (size > head)
    name(of.data, head, size - head);
}

} // namespace

constinit const std::array<std::string_view, 12> frame_types{
    "nbss.pdu", "nbss.hdr", "nbss.data", "smb1.pdu", "smb1.hdr", "smb1.data",
    "smb2.pdu", "smb2.hdr", "smb2.data", "smb3.pdu", "smb3.hdr", "smb3.data"};

frame_cutter::step frame_layout::operator()(direction way, byte_view head,
                                            const frame_cutter::namer& name) {
  auto& left = left_[index(way)];
  if (left == 0) {
    if (head.size() < record_head)
      return frame_cutter::wants(record_head);
    const auto length =
        std::to_integer<std::uint64_t>(head[1]) << 16 | load_be16(head.subspan(2).first<2>());
    name_all(name, record, record_head + length, record_head);
    if (head[0] != std::byte{0}) // of the session, not a message
      return frame_cutter::goes_on(record_head + length);
    left = length;
    return frame_cutter::goes_on(record_head);
  }
  const auto shown = static_cast<std::size_t>(std::min<std::uint64_t>(left, smb2_head));
  if (head.size() < shown)
    return frame_cutter::wants(shown);
  auto size = left;
  if (shown >= record_head && as_text(head.subspan(1, 3)) == "SMB") {
    const auto mark = std::to_integer<unsigned>(head[0]);
    if (mark == 0xff) {
      name_all(name, first, size, smb1_head);
    } else if (mark == 0xfd) {
      name_all(name, encrypted, size, encrypted_head);
    } else if (mark == 0xfe) {
      const std::uint64_t next =
          shown == smb2_head ? load_le32(head.subspan(next_at).first<4>()) : 0;
      if (next >= smb2_head && next < size)
        size = next;
      name_all(name, second, size, smb2_head);
    }
  }
  left -= size;
  return frame_cutter::goes_on(size);
}

} // namespace cresset::detect::proto::smb
