#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/smtp/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::smtp {

/// Limits of what one mail may cost to read, and lengths beyond which it is odd.
struct mime_limits {
  static constexpr std::size_t odd_line_bytes = 998;    ///< RFC 5322 2.1.1
  static constexpr std::size_t odd_encoded_bytes = 76;  ///< RFC 2045 6.7, 6.8
  static constexpr std::size_t odd_name_bytes = 75;     ///< of a header's name
  static constexpr std::size_t header_bytes = 8 * 1024; ///< one header with its continuation lines
  static constexpr std::size_t depth = 16;              ///< multiparts within multiparts
  static constexpr std::size_t boundary_bytes = 254;
  static constexpr std::size_t file_name_bytes = 256;
  static constexpr std::size_t line_bytes = 4096; ///< a longer line is read in pieces
};

/// Reads a mail (RFC 5322, 2045, 2046) line by line: tells of the headers of the mail itself, of
/// the text of its parts, and of each part that carries a file, decoded. Holds one line, one header
/// and the open boundaries.
class mime_reader {
public:
  struct listener {
    virtual ~listener() = default;
    virtual void header(std::string_view name, std::string_view value) = 0;
    /// Text of a part, in pieces: a line, or decoded bytes with their own line breaks.
    virtual void text(std::string_view piece) = 0;
    /// A line of the text is over that has no line break of its own, or its part is.
    virtual void text_line_ends() {}
    virtual void file_begins(std::string_view name) = 0;
    virtual void file_bytes(byte_view bytes) = 0;
    virtual void file_ends(bool is_whole) = 0;
    virtual void damaged(std::string_view event) = 0;
  };
  /// Both must outlive the reader.
  mime_reader(listener& listening, const settings& wanted)
      : listener_{listening}, settings_{wanted} {}

  /// One line without its line break; `is_whole` is false for a piece of a longer one.
  void line(std::string_view text, bool is_whole);
  void end();
  /// The mail's own headers are still being read.
  bool is_in_head() const noexcept { return in_top_head_; }

private:
  enum class place : std::uint8_t { head, between_parts, body };
  enum class encoding : std::uint8_t { none, base64, quoted_printable };
  struct entity {
    encoding packed = encoding::none;
    std::string boundary;
    std::string file_name;
    bool is_mail = false; ///< message/rfc822: its body is a mail again
    bool is_text = true;
  };

  bool is_delimiter(std::string_view text);
  void head_line(std::string_view text);
  void end_header();
  void end_head();
  void end_body(bool is_whole);
  void body_line(std::string_view text, bool is_whole);
  void base64_line(std::string_view text);
  void quoted_line(std::string_view text, bool is_whole);
  void give(std::string_view bytes);

  listener& listener_;
  const settings& settings_;
  bool in_line_ = false; ///< of a line given in pieces
  place place_ = place::head;
  bool in_top_head_ = true;
  std::string open_header_;
  entity entity_;
  std::vector<std::string> boundaries_;
  bool is_open_file_ = false;
  bool has_content_ = false; ///< a line break belongs between two lines, not behind the last
  std::uint32_t base64_bits_ = 0;
  unsigned base64_count_ = 0;
};

} // namespace cresset::detect::proto::smtp
