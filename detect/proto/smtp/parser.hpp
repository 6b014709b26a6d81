#pragma once

#include "detect/proto/smtp/mail.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <deque>
#include <string>

namespace cresset::detect::proto::smtp {

/// Buffers of SMTP and of the mail in it, for rules.
extern const protocol_description description;

/// SMTP (RFC 5321) with CHUNKING (RFC 3030) and STARTTLS (RFC 3207): each mail is a transaction.
/// Commands wait for their replies in order; content begins with the 354, or with the next line
/// when no reply is seen.
class parser final : public stream_parser {
public:
  static constexpr std::size_t command_limit_bytes = 2048;
  static constexpr std::size_t reply_limit_bytes = 2048;
  static constexpr std::size_t waiting_limit = 64; ///< commands without a reply
  static constexpr std::size_t transaction_limit = 256;

  /// Both must outlive the parser.
  parser(const settings& wanted, const file_settings& files) noexcept
      : settings_{wanted}, file_settings_{files} {}

  std::string_view protocol() const noexcept override { return "smtp"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  byte_view left_over(direction way) const noexcept override { return left_over_[index(way)]; }
  next_protocol next() const noexcept override { return {app_protocol::tls, false}; }
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;
  frame_list* frames() noexcept override { return &frames_; }

private:
  enum class command : std::uint8_t {
    other,
    helo,
    mail_from,
    rcpt_to,
    data,
    bdat,
    starttls,
    rset,
    quit,
    content ///< no command: the content of a mail has a reply of its own
  };
  enum class reading : std::uint8_t { commands, content, chunk };
  /// One direction's open line; of one over the limit, its beginning.
  struct half {
    std::string line;
    bool is_cut = false;
  };

  /// Gives back what stands behind the change of protocol.
  std::string_view take_bytes(direction way, std::string_view bytes);
  void on_line(direction way);
  void on_command(std::string_view line);
  void on_reply(std::string_view line);
  void on_content(std::string_view line, bool is_whole);
  void begin_line_frame(direction way, std::int64_t at);
  void begin_chunk(std::string_view arguments);
  void complete_mail();
  void end_content();
  mail* mail_of_flow();
  void raise(std::string_view event);
  void wait_for_reply(command which);

  const settings& settings_;
  const file_settings& file_settings_;
  std::array<half, 2> halves_;
  frame_list frames_;
  /// Of the frames that are open: the line of each direction, the content, each stream.
  std::array<std::uint64_t, 2> line_frame_{}, stream_frame_{};
  std::uint64_t content_frame_ = 0;
  transaction_list<mail> live_;
  event_list early_events_; ///< raised before there was a mail
  std::uint64_t current_ = 0;
  bool has_current_ = false;
  std::string helo_;
  std::deque<command> waiting_;
  std::deque<std::uint64_t> unanswered_; ///< mails whose content waits for its reply
  reading reading_ = reading::commands;
  bool data_is_asked_ = false; ///< DATA was sent and not yet answered
  bool in_long_line_ = false;  ///< content of one line given in pieces
  bool chunk_is_last_ = false;
  std::uint64_t chunk_left_ = 0;
  bool has_welcome_ = false;
  bool has_changed_ = false;
  std::array<byte_view, 2> left_over_{}; ///< of the call that changed the protocol
  std::array<bool, 2> skips_line_{};     ///< behind a gap, up to the next line
};

} // namespace cresset::detect::proto::smtp
