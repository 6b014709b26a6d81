#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cresset::detect::proto::http {

/// Reads a multipart/form-data body (RFC 7578) as it comes and tells of each part that is a file.
/// Holds one delimiter's length of bytes and the head of one part, at most `head_limit`.
class multipart_reader {
public:
  static constexpr std::size_t head_limit = 8 * 1024;
  static constexpr std::size_t boundary_limit = 200; ///< RFC 2046 5.1.1 allows 70

  /// Who listens. A file's bytes come in pieces between begin and end.
  struct listener {
    virtual ~listener() = default;
    virtual void file_begins(std::string_view name) = 0;
    virtual void file_bytes(byte_view bytes) = 0;
    virtual void file_ends(bool is_whole) = 0;
    virtual void damaged(std::string_view event) = 0;
  };

  /// `listening` must outlive the reader.
  multipart_reader(std::string_view boundary, listener& listening);

  void bytes(byte_view bytes);
  /// The body ends, or has a gap: a file that is open ends unfinished.
  void end();

private:
  enum class place : std::uint8_t { preamble, behind_delimiter, head, content, epilogue };

  bool step();
  bool read_preamble();
  bool read_behind_delimiter();
  bool read_head();
  bool read_content();
  void consume(std::size_t size) { open_.erase(0, size); }

  listener& listener_;
  std::string delimiter_; ///< CRLF, two dashes, boundary
  std::string open_;
  place place_ = place::preamble;
  bool is_file_ = false;
  bool pending_break_ = false; ///< `open_` begins with the line break that ended the head
};

} // namespace cresset::detect::proto::http
