#pragma once

#include "detect/proto/stream_parser.hpp"
#include "detect/proto/tls/message.hpp"
#include "detect/proto/tls/settings.hpp"

#include <array>
#include <memory>
#include <vector>

namespace cresset::detect::proto::tls {

/// Buffers and fields of TLS for rules.
extern const protocol_description description;

/// SSLv2 hello to TLS 1.3: records (RFC 8446 5.1), handshake messages across records, up to the
/// change of keys. From then on a direction answers `finished`. One transaction a flow.
class parser final : public stream_parser {
public:
  /// Most bytes retained of one handshake message, a direction. A longer one is passed over with an
  /// event.
  static constexpr std::size_t message_limit_bytes = 64 * 1024;
  /// Certificates of a chain that are kept.
  static constexpr std::size_t chain_limit = 16;

  /// `wanted` must outlive the parser; `from` is the protocol that changed to TLS, and lives as
  /// long as the program.
  explicit parser(const settings& wanted, std::string_view from = {}) noexcept
      : settings_{wanted}, from_{from} {}

  std::string_view protocol() const noexcept override { return "tls"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override;
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

private:
  static constexpr std::size_t record_head_size = 5;
  static constexpr std::size_t small_limit = 8;

  /// Where one direction's stream stands: in a record's head, or `record_left` bytes before its
  /// end.
  struct half {
    std::array<std::byte, record_head_size> head{};
    std::size_t head_size = 0;
    std::size_t record_left = 0;
    std::size_t record_size = 0;
    std::uint8_t record_type = 0;
    std::array<std::byte, small_limit> small{}; ///< the beginning of a record that is no handshake
    std::size_t small_size = 0;
    std::vector<std::byte> message;  ///< an open handshake message, from its head on
    std::size_t message_to_skip = 0; ///< of one over the limit
    std::vector<std::byte> sslv2;    ///< an open hello of SSL 2
    std::size_t records = 0;
    std::size_t heartbeat_size = 0;
    bool has_changed_keys = false; ///< what follows cannot be read
    bool is_finished = false;
    bool is_broken = false;
  };

  handshake& transaction_of_flow();
  parse_status broken(direction way, std::string_view event);
  parse_status sslv2_bytes(direction way, byte_view& bytes);
  bool begins_sslv2(const half& mine, byte_view bytes) const noexcept;
  bool begin_record(direction way);
  void name_frames(direction way, std::int64_t at);
  void record_bytes(direction way, byte_view bytes);
  void end_record(direction way);
  void handshake_bytes(direction way, byte_view bytes);
  void on_message(direction way, std::uint8_t type, byte_view body);
  void on_hello(direction way, std::uint8_t type, byte_view body);
  void on_certificate(direction way, byte_view body);
  void on_change_of_keys(direction way);
  void on_heartbeat(direction way);
  void finish(direction way);

  const settings& settings_;
  std::string_view from_;
  std::array<half, 2> halves_;
  frame_list frames_;
  std::unique_ptr<handshake> one_;
  transaction* shown_ = nullptr;
  bool is_released_ = false;
};

} // namespace cresset::detect::proto::tls
