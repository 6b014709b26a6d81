#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/gathered_body.hpp"
#include "detect/proto/smtp/mime.hpp"
#include "detect/proto/smtp/settings.hpp"
#include "detect/proto/transaction.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::detect::proto::smtp {

/// How far a mail has come: its envelope is begun, its content is coming in, it is over.
enum class mail_progress : progress { envelope = 1, content = 2, complete = progress_done };

/// Indexes of the table in parser.cpp, in its order; all go to the server.
enum class buffer_index : buffer_id {
  helo,
  mail_from,
  rcpt_to,
  from,
  to,
  cc,
  subject,
  date,
  message_id,
  x_mailer,
  received,
  url,
  file_data,
};

/// One mail: envelope, headers, links and attached files.
class mail final : public transaction, private mime_reader::listener {
public:
  static constexpr std::size_t recipients_limit = 128;
  static constexpr std::size_t received_limit = 64;
  static constexpr std::size_t links_limit = 64;
  static constexpr std::size_t link_bytes = 2048;
  static constexpr std::size_t files_limit = 64;
  static constexpr std::size_t text_line_bytes = 4096;
  static constexpr std::size_t headers_limit = 64; ///< other headers kept for the event log

  /// The settings must outlive it.
  mail(std::uint64_t number, const std::string& helo, const settings& wanted,
       const file_settings& files);
  ~mail() override;

  void set_helo(std::string_view name) { helo_ = name; }
  void set_sender(std::string_view address);
  void add_recipient(std::string_view address);
  void begin_envelope() {
    advance(direction::to_server, static_cast<progress>(mail_progress::envelope));
  }
  /// One line of the content, dot-stuffing undone; see mime_reader::line.
  void content_line(std::string_view text, bool is_whole);
  /// The content is over; the mail is when the server has answered it.
  void end_content();
  void complete();
  bool has_sender() const noexcept { return sender_.has_value(); }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  body_view body(buffer_id id) const noexcept override;
  std::size_t files(direction way) const noexcept override;
  file_view file(direction way, std::size_t i) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;
  void write_siblings(json_writer& json) const override;

private:
  struct attachment {
    std::string name;
    gathered_body content;
    bool is_cut = false;
  };
  const std::vector<std::string>* list_of(buffer_index which) const noexcept;
  const std::optional<std::string>* single_of(buffer_index which) const noexcept;

  void header(std::string_view name, std::string_view value) override;
  void text(std::string_view line) override;
  void text_line_ends() override { find_links(); }
  void file_begins(std::string_view name) override;
  void file_bytes(byte_view bytes) override;
  void file_ends(bool is_whole) override;
  void damaged(std::string_view event) override { raise(event); }
  void find_links();
  bool logs(std::string_view header) const noexcept;
  void write_headers(json_writer& json) const;

  const settings& settings_;
  const file_settings& file_settings_;
  std::string helo_;
  std::optional<std::string> sender_;
  std::vector<std::string> recipients_;
  std::optional<std::string> from_, to_, cc_, subject_, date_, message_id_, x_mailer_;
  std::vector<std::string> received_;
  std::vector<std::string> links_;
  bool has_executable_link_ = false;
  bool has_ipv4_link_ = false;
  bool has_ipv6_link_ = false;
  std::string text_line_; ///< of the text, until its line break
  /// Headers that only the event log asks for: their name there, their value.
  std::vector<std::pair<std::string_view, std::string>> other_headers_;
  std::unique_ptr<file_meter> body_digest_; ///< of the body as it came
  std::vector<attachment> files_;
  bool file_is_open_ = false;
  bool has_content_ = false;
  bool is_over_ = false; ///< its content is
  event_list events_;
  mime_reader reader_;
};

} // namespace cresset::detect::proto::smtp
