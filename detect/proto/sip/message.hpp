#pragma once

#include "detect/proto/message_parser.hpp"
#include "detect/proto/sip/sdp.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::sip {

/// What rules can look at, each in both directions: the buffer of `to_client` stands one behind
/// that of `to_server` in the table of parser.cpp.
enum class part : std::uint8_t {
  method,
  uri,
  request_line,
  stat_code,
  stat_msg,
  response_line,
  protocol,
  from,
  to,
  via,
  user_agent,
  content_type,
  content_length,
  sdp_origin,
  sdp_session_name,
  sdp_session_info,
  sdp_uri,
  sdp_email,
  sdp_phone_number,
  sdp_connection_data,
  sdp_bandwidth,
  sdp_time,
  sdp_repeat_time,
  sdp_timezone,
  sdp_encryption_key,
  sdp_attribute,
  sdp_media,
  sdp_media_info,
  sdp_media_connection_data,
  sdp_media_encryption_key,
};
inline constexpr std::size_t part_count = 30;

/// One request or response. It keeps a copy of the message; all texts are of that copy.
class message final : public one_way_message {
public:
  struct limits {
    static constexpr std::size_t message_bytes = 65'535;
    static constexpr std::size_t headers = 256;
  };
  using one_way_message::one_way_message;

  /// Reads a whole message: a first line, headers, an empty line, the body. What is wrong becomes
  /// an event; false when the first line is no first line of SIP.
  bool read(std::string_view bytes);

  bool is_request() const noexcept { return !method_.empty(); }
  std::string_view method() const noexcept { return method_; }
  const std::optional<session_description>& description() const noexcept { return description_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  bool read_first_line(std::string_view line);
  void read_headers(std::string_view text);
  void take_header(std::string_view name, std::string_view value);
  void read_body(std::string_view body);
  /// The instance of a part, or how many there are where `instance` is null.
  std::size_t find(part wanted, const std::size_t* instance, std::string_view& found) const;
  std::size_t find_description(part wanted, const std::size_t* instance,
                               std::string_view& found) const;

  std::string text_;
  std::string_view first_line_, method_, uri_, version_, code_, reason_;
  std::array<std::vector<std::string_view>, 6> headers_; ///< by part, from `from` on
  std::size_t header_count_ = 0;
  std::optional<session_description> description_;
};

/// The length a Content-Length header in `head` (the lines up to the empty one) gives to the body;
/// 0 where there is none, nothing where it is no number.
std::optional<std::size_t> content_length_in(std::string_view head) noexcept;

} // namespace cresset::detect::proto::sip
