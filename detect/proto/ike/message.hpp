#pragma once

#include "capture/base/byte_reader.hpp"
#include "detect/proto/ike/proposal.hpp"
#include "detect/proto/message_parser.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::ike {

/// Indexes of the buffers in parser.cpp: that of `to_client` stands one behind that of `to_server`.
enum class part : std::uint8_t { init_spi, resp_spi, vendor, key_exchange_payload, nonce_payload };
inline constexpr std::size_t part_count = 5;
/// Numbers in both directions, then the attributes of the chosen association (to client only).
enum class numeric : std::uint8_t { exchtype, key_exchange_length, nonce_length };
inline constexpr std::size_t number_count = 3;

/// What both sides of a flow said in the clear so far, for the event log; owned by the parser.
struct conversation {
  static constexpr std::size_t limit_vendors = 64;
  struct side {
    std::vector<std::byte> key_exchange, nonce;
    std::vector<std::vector<attribute>> proposals;
  };
  std::array<side, 2> sides;
  std::optional<std::uint32_t> domain;
  std::vector<std::string> vendors; ///< in hexadecimal, each once
};

/// One message of either version.
class message final : public one_way_message {
public:
  static constexpr std::size_t limit_payloads = 128;
  message(std::uint64_t number, direction way, conversation& so_far) noexcept
      : one_way_message{number, way}, so_far_{so_far} {}

  /// Reads a whole message. What is wrong becomes an event; false if it has no head of IKE.
  bool read(byte_view bytes);

  unsigned version() const noexcept { return version_major_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  bool read_head(byte_reader& in);
  bool read_payloads(byte_view bytes);
  void take_payload(std::uint8_t type, byte_view content);
  void take_association(byte_view content);
  void take_key_exchange(byte_view content);
  void take_vendor(byte_view content);
  void take_notify(byte_view content);
  void judge(const proposals& offered);
  void write_version_1(json_writer& json) const;
  void write_version_2(json_writer& json) const;
  std::span<const attribute> chosen() const noexcept;

  conversation& so_far_;
  std::string init_spi_, resp_spi_;
  unsigned version_major_ = 0, version_minor_ = 0;
  std::uint8_t first_payload_ = 0, exchange_type_ = 0, flags_ = 0;
  std::uint32_t message_id_ = 0;
  std::vector<std::uint8_t> payloads_;
  std::vector<std::byte> key_exchange_, nonce_;
  std::vector<std::string> vendors_;
  std::vector<std::uint16_t> notifies_;
  proposals association_;
  std::uint32_t errors_ = 0;
};

} // namespace cresset::detect::proto::ike
