#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::rfb {

/// How far one direction has come. The client's: its choice of a security type. The server's: the
/// security result, the desktop.
enum class client_progress : progress { version = 1, security_type = 2, shared = progress_done };
enum class server_progress : progress {
  version = 1,
  security_type = 2,
  security_result = 3,
  desktop = progress_done
};

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id { name };
enum class field_index : field_id { security_type, security_result };

/// "RFB 003.008": both numbers as they are written.
struct version {
  std::string major;
  std::string minor;
};

/// How pixels are sent (RFC 6143 section 7.4).
struct pixel_format {
  std::uint8_t bits_per_pixel = 0;
  std::uint8_t depth = 0;
  bool is_big_endian = false;
  bool is_true_color = false;
  std::uint16_t red_max = 0, green_max = 0, blue_max = 0;
  std::uint8_t red_shift = 0, green_shift = 0, blue_shift = 0;
};

/// What the server shows (RFC 6143 section 7.3.2).
struct desktop {
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  pixel_format format;
  std::string name;
};

/// The one transaction of an RFB flow.
class session final : public transaction {
public:
  session() noexcept : transaction{0} {}

  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::array<std::optional<version>, 2> versions; ///< by direction
  std::optional<std::uint32_t> security_type;
  std::vector<std::byte> challenge, response; ///< of VNC authentication
  std::optional<std::uint32_t> security_result;
  std::optional<std::string> failure_reason;
  std::optional<bool> is_shared;
  std::optional<rfb::desktop> desktop;

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  friend class parser;
  void write_authentication(json_writer& json) const;
  void write_desktop(json_writer& json) const;

  event_list events_;
};

} // namespace cresset::detect::proto::rfb
