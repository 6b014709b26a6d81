#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/gathered_body.hpp"
#include "detect/proto/http/brotli.hpp"
#include "detect/proto/http/header_value.hpp"
#include "detect/proto/http/multipart.hpp"
#include "detect/proto/http/parser.hpp"
#include "detect/proto/inflate.hpp"
#include "detect/proto/transaction.hpp"

#include <htp/htp.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::http {

inline std::string_view text_of(const bstr* text) noexcept {
  if (text == nullptr)
    return {};
  return {reinterpret_cast<const char*>(bstr_ptr(text)), bstr_len(text)};
}

/// One request and its response. Lines and headers stay where the library keeps them; what a buffer
/// composes from them is built when first asked for and kept. Bodies and raw heads are gathered
/// here.
class exchange final : public transaction, private multipart_reader::listener {
public:
  /// Raw head bytes retained of one direction.
  static constexpr std::size_t raw_head_limit = 64 * 1024;
  static constexpr std::size_t file_name_limit = 2048;

  exchange(std::uint64_t number, htp_tx_t* tx, const settings& limits);

  htp_tx_t* tx() const noexcept { return tx_; }
  /// What follows when this exchange has ended HTTP: the Upgrade's protocol, or whatever is behind
  /// the port of a CONNECT.
  next_protocol next() const noexcept;
  /// The request in the words of HTTP/2.
  upgraded_request as_upgraded() const;
  /// The response says that its body is packed with brotli.
  bool is_brotli() const noexcept;

  // What the connection tells as it hears from the library.
  void on_request_line();
  void on_request_headers(std::uint16_t server_port);
  void on_request_body(const htp_tx_data_t& data);
  /// `by_close`: because the direction ended, not because the message did.
  void on_request_complete(bool by_close);
  void on_response_line();
  void on_response_headers();
  void on_response_body(const htp_tx_data_t& data);
  void on_response_complete(bool by_close);
  void on_raw_head(direction way, byte_view bytes);
  void on_end(direction way);
  void raise(std::string_view event) noexcept { events_.raise(event); }
  /// What the answer says it is a part of; nothing for a packed one.
  std::optional<content_range> part() const noexcept;
  std::string name_from_path() const;
  /// With this answer's part a file is whole.
  void add_whole_file(std::string name, gathered_body content);

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  body_view body(buffer_id id) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::size_t files(direction way) const noexcept override;
  file_view file(direction way, std::size_t i) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  /// Texts composed from several headers, by direction.
  enum class composed : std::uint8_t { header, header_names, start, count };
  struct open_file {
    std::string name;
    gathered_body content;
    bool is_cut = false;
  };

  std::optional<std::string_view> text(std::size_t id, std::size_t instance) const;
  const htp_table_t* headers(direction way) const noexcept;
  std::optional<std::string_view> header(direction way, const char* name) const noexcept;
  const std::string& compose(composed what, direction way) const;
  std::string build(composed what, direction way) const;
  const std::vector<std::string>& lines(direction way) const;
  void forget_composed(direction way) noexcept;
  const std::optional<std::string>& normalised_uri() const;
  std::optional<std::string_view> host_as_sent() const noexcept;
  void begin_request_body();
  void begin_response_body();
  void append_request(byte_view bytes);
  void unpack_request(byte_view bytes);
  void append_response(byte_view bytes);
  void raise_request_flags(std::uint16_t server_port);

  void file_begins(std::string_view name) override;
  void file_bytes(byte_view bytes) override;
  void file_ends(bool is_whole) override;
  void damaged(std::string_view event) override { raise(event); }

  htp_tx_t* tx_;
  const settings& limits_;
  gathered_body request_body_;
  gathered_body response_body_;
  bool has_request_body_ = false;
  bool has_response_body_ = false;
  bool request_body_is_file_ = false;
  std::string request_file_name_;
  std::string response_file_name_;
  std::optional<content_range> part_;
  std::optional<open_file> whole_file_; ///< put together from parts, this one the last
  std::vector<open_file> parts_;
  bool part_is_open_ = false;
  std::unique_ptr<multipart_reader> multipart_;
  std::unique_ptr<brotli_reader> brotli_;
  std::unique_ptr<inflater> request_inflater_;
  std::string packed_begin_; ///< of the request's body, until something of it was unpacked
  std::array<std::string, 2> raw_heads_;
  event_list events_;
  mutable std::array<
      std::array<std::optional<std::string>, static_cast<std::size_t>(composed::count)>, 2>
      composed_;
  mutable std::optional<std::optional<std::string>> uri_;
  mutable std::optional<std::string> host_; ///< in lower case
  mutable std::array<std::optional<std::vector<std::string>>, 2>
      lines_; ///< "Name: value", one a header
};

} // namespace cresset::detect::proto::http
