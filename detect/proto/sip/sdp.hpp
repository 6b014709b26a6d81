#pragma once

#include "capture/base/json_writer.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::sip {

/// A session description (SDP, RFC 8866 section 5). It owns nothing: all texts are of the bytes it
/// was read from and live as long.
struct session_description {
  using text = std::string_view;
  /// Most lines that are kept; what is over it is counted in `refused`.
  static constexpr std::size_t limit_lines = 512;

  struct time_description {
    text time;                 ///< t=
    std::vector<text> repeats; ///< r=
  };
  struct media_description {
    text media;                          ///< m=
    std::optional<text> info;            ///< i=
    std::optional<text> connection_data; ///< c=
    std::optional<text> encryption_key;  ///< k=
    std::vector<text> bandwidths;        ///< b=
    std::vector<text> attributes;        ///< a=
  };

  std::optional<text> origin, name, info, uri, email, phone_number, connection_data, timezone,
      encryption_key;
  std::vector<text> bandwidths, attributes;
  std::vector<time_description> times;
  std::vector<media_description> media;
  std::size_t refused = 0;
  bool has_bad_lines = false; ///< a line that is not `x=value`

  /// Reads a body; nothing when it does not begin with a version (v=).
  static std::optional<session_description> read(text body);
  void write_members(json_writer& json) const;

private:
  void take(char kind, text value);
  void take_in_media(char kind, text value);
};

} // namespace cresset::detect::proto::sip
