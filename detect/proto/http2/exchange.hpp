#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/gathered_body.hpp"
#include "detect/proto/http/brotli.hpp"
#include "detect/proto/http/header_value.hpp"
#include "detect/proto/http2/frame.hpp"
#include "detect/proto/http2/hpack.hpp"
#include "detect/proto/http2/settings.hpp"
#include "detect/proto/inflate.hpp"
#include "detect/proto/transaction.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::http2 {

/// How far one direction of a stream has come. `complete`, the end of both, makes the numbers of
/// its frames final.
enum class stream_progress : progress { open = 1, headers = 2, body = 3, complete = progress_done };

/// One stream with its request and response; or one frame that concerns the whole connection
/// (stream 0), which is a transaction of its own.
class exchange final : public transaction {
public:
  /// Frames, settings and other numbers of one direction that are kept; more are not told apart.
  static constexpr std::size_t numbers_limit = 256;
  static constexpr std::size_t fields_limit = 2048;
  static constexpr std::size_t file_name_limit = 2048;

  /// One setting of a SETTINGS frame (RFC 9113 6.5.1).
  struct setting {
    std::uint16_t id = 0;
    std::uint32_t value = 0;
  };

  exchange(std::uint64_t number, std::uint32_t stream, const settings& limits);

  std::uint32_t stream() const noexcept { return stream_; }

  // What the parser tells as it reads. `way` is the direction of the frame.
  void on_frame(direction way, std::uint8_t type);
  void on_headers(direction way, hpack_decoder::block block);
  void on_bytes(direction way, byte_view bytes);
  /// What the answer says it is a part of (206, RFC 9110 14.4); nothing for a packed one.
  std::optional<http::content_range> part() const noexcept;
  std::string file_name() const;
  /// With this answer's part a file is whole.
  void add_whole_file(std::string name, gathered_body content);
  void on_priority(direction way, std::uint8_t weight) { add(priorities_, way, weight); }
  void on_error_code(direction way, std::uint32_t code) { add(errors_, way, code); }
  void on_window(direction way, std::uint32_t size) { add(windows_, way, size); }
  void on_setting(direction way, setting one);
  /// The direction has said all it has to say.
  void on_end_stream(direction way);
  /// Nothing more comes either way; `is_whole` when both ends said so.
  void close(bool is_whole);
  bool has_ended(direction way) const noexcept { return ended_[index(way)]; }
  bool body_is_new(direction way) const noexcept { return !has_body_[index(way)]; }
  /// Makes it a transaction of one frame.
  void be_of_connection(direction way) noexcept { only_ = way; }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  bool concerns(direction way) const noexcept override { return !only_ || *only_ == way; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  body_view body(buffer_id id) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::size_t files(direction way) const noexcept override;
  file_view file(direction way, std::size_t i) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  std::string_view event_name() const noexcept override { return "http"; }
  bool is_logged() const noexcept override;
  void write_members(json_writer& json) const override;

  /// The first header of that name; all of them where they can stand several times.
  std::optional<std::string_view> header(direction way, std::string_view name) const noexcept;

private:
  template <typename Number>
  using by_way = std::array<std::vector<Number>, 2>;
  template <typename Number>
  static void add(by_way<Number>& all, direction way, Number one) {
    if (all[index(way)].size() < numbers_limit)
      all[index(way)].push_back(one);
  }
  /// Composed texts of a direction, made when first asked for.
  enum class composed : std::uint8_t { header, header_names, line, cookie, host, count };
  std::optional<std::string_view> text(std::size_t id, std::size_t instance) const;
  std::optional<std::string_view> compose(composed what, direction way) const;
  std::string build(composed what, direction way) const;
  const std::vector<std::string>& lines(direction way) const;
  void check_request();
  void open_body(direction way);
  void write_frames(json_writer& json, direction way) const;
  void write_headers(json_writer& json, direction way, std::string_view key) const;
  std::vector<std::uint64_t> numbers_of(field_id id) const;

  std::uint32_t stream_;
  const settings& limits_;
  std::optional<direction> only_;
  std::array<std::vector<header_field>, 2> headers_;
  by_way<std::uint8_t> frames_;
  by_way<std::uint8_t> priorities_;
  by_way<std::uint32_t> errors_;
  by_way<std::uint32_t> windows_;
  by_way<std::uint64_t> size_updates_;
  by_way<setting> settings_;
  std::optional<std::pair<std::string, gathered_body>> whole_file_; ///< this part is its last
  std::array<bool, 2> ended_{};
  std::array<bool, 2> has_body_{};
  std::array<gathered_body, 2> bodies_;
  std::array<std::unique_ptr<inflater>, 2> inflaters_;
  std::array<std::unique_ptr<http::brotli_reader>, 2> brotli_;
  event_list events_;
  mutable std::array<
      std::array<std::optional<std::string>, static_cast<std::size_t>(composed::count)>, 2>
      composed_;
  mutable std::array<std::optional<std::vector<std::string>>, 2> lines_;
};

} // namespace cresset::detect::proto::http2
