#pragma once

#include "detect/proto/ssh/session.hpp"
#include "detect/proto/ssh/settings.hpp"
#include "detect/proto/stream_parser.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace cresset::detect::proto::ssh {

/// Buffers of SSH for rules.
extern const protocol_description description;

/// SSH (RFC 4253) up to the change of keys: banners, then packets in the clear until NEWKEYS, after
/// which a direction answers `finished`. One transaction a flow.
class parser final : public stream_parser {
public:
  static constexpr std::size_t banner_limit_bytes = 255; ///< RFC 4253 4.2
  static constexpr std::size_t lines_before_banner = 64;
  static constexpr std::size_t packet_limit_bytes = 35000; ///< RFC 4253 6.1

  explicit parser(const settings& wanted) noexcept : settings_{wanted} {}

  std::string_view protocol() const noexcept override { return "ssh"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override;
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

private:
  enum class place : std::uint8_t { banner, packets, finished, broken };
  struct half {
    place at = place::banner;
    std::size_t lines = 0;
    bool is_long = false;
    std::vector<std::byte> open; ///< an open line or packet
    std::size_t to_skip = 0;     ///< of a packet that is of no interest
  };

  session& session_of_flow();
  byte_view take_line(direction way, byte_view bytes);
  byte_view take_packet(direction way, byte_view bytes);
  void on_line(direction way, std::string_view line);
  void name_frames(direction way, byte_view rest, std::size_t length);
  void on_packet(direction way, byte_view packet);
  void on_key_exchange(direction way, byte_view payload);

  settings settings_;
  std::array<half, 2> halves_;
  frame_list frames_;
  byte_view given_; ///< of the call at hand
  std::unique_ptr<session> one_;
  transaction* shown_ = nullptr;
  bool is_released_ = false;
};

} // namespace cresset::detect::proto::ssh
