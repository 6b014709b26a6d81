#pragma once

#include "detect/proto/stream_parser.hpp"

#include <array>
#include <string>

namespace cresset::detect::proto::imap {

/// What IMAP offers to rules: its name.
extern const protocol_description description;

/// IMAP as far as STARTTLS (RFC 9051 section 6.2.1): it waits for the command and for the OK with
/// its tag.
class parser final : public stream_parser {
public:
  static constexpr std::size_t line_limit_bytes = 256;

  std::string_view protocol() const noexcept override { return "imap"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction) override {}
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  next_protocol next() const noexcept override { return {.expected = app_protocol::tls}; }
  std::span<transaction* const> transactions() noexcept override { return {}; }
  void release(std::uint64_t) noexcept override {}

private:
  struct half {
    std::string line;
    bool skips_line = false; ///< behind a gap, up to the next line
  };
  void on_line(direction way, std::string_view line);

  std::array<half, 2> halves_;
  std::string starttls_tag_; ///< empty: not asked for
  bool has_changed_ = false;
  std::array<byte_view, 2> left_over_{}; ///< of the call that changed the protocol
};

} // namespace cresset::detect::proto::imap
