#pragma once

#include "detect/proto/rfb/session.hpp"
#include "detect/proto/stream_parser.hpp"

#include <memory>

namespace cresset::detect::proto::rfb {

/// Buffers and fields of RFB for rules.
extern const protocol_description description;

/// The handshake of RFB 3.3, 3.7 and 3.8 (RFC 6143 section 7). The two directions wait for each
/// other: what one may say next depends on what the other said, so bytes that come early are held.
class parser final : public stream_parser {
public:
  static constexpr std::size_t text_limit_bytes = 4096; ///< of names and reasons
  static constexpr std::size_t held_limit_bytes = 64 * 1024;

  std::string_view protocol() const noexcept override { return "rfb"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override;
  void release(std::uint64_t number) noexcept override;

private:
  /// What comes next, and from whom.
  enum class place : std::uint8_t {
    server_version,
    client_version,
    security_types, ///< 3.7 and 3.8: the server's list
    security_choice,
    security_type, ///< 3.3: the server decides
    vnc_challenge,
    vnc_response,
    security_result,
    failure_reason,
    client_init,
    server_init,
    finished,
    broken,
  };
  static direction speaker_of(place at) noexcept;
  /// Takes what `at_` stands for off the front of `bytes`: how much, 0 while bytes are missing.
  std::size_t step(byte_view bytes);
  std::size_t take_version(byte_view bytes);
  std::size_t take_types(byte_view bytes);
  std::size_t take_choice(byte_view bytes);
  std::size_t take_old_type(byte_view bytes);
  std::size_t take_vnc(byte_view bytes);
  std::size_t take_result(byte_view bytes);
  std::size_t take_reason(byte_view bytes);
  std::size_t take_client_init(byte_view bytes);
  std::size_t take_server_init(byte_view bytes);
  void choose(std::uint32_t type);
  void fail(std::string_view event);
  unsigned minor_version() const noexcept;

  place at_ = place::server_version;
  std::array<std::vector<std::byte>, 2> held_;
  std::unique_ptr<session> one_;
  transaction* shown_ = nullptr;
  bool is_released_ = false;
};

} // namespace cresset::detect::proto::rfb
