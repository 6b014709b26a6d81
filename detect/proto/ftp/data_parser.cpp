#include "detect/proto/ftp/data_parser.hpp"

#include <array>

namespace cresset::detect::proto::ftp {
namespace {

constexpr progress begun = 1;

constexpr std::array buffers{
    buffer_description{"file.data", direction::to_server, progress_done, true, true},
    buffer_description{"file.data", direction::to_client, progress_done, true, true},
};
constexpr std::array fields{
    field_description{"ftpdata_command", direction::to_server, begun},
    field_description{"ftpdata_command", direction::to_client, begun},
};

} // namespace

constinit const protocol_description data_description{"ftp-data", buffers, fields};

data_transaction::data_transaction(std::shared_ptr<const transfer> of, direction way,
                                   const file_settings& files)
    : transaction{0}, of_{std::move(of)}, way_{way}, content_{file_limit_bytes, files} {}

void data_transaction::append(byte_view bytes) {
  content_.append(bytes);
  advance(way_, begun);
}

void data_transaction::complete() {
  if (!is_cut_)
    content_.complete();
  advance(direction::to_server, progress_done);
  advance(direction::to_client, progress_done);
}

std::optional<std::uint64_t> data_transaction::field(field_id,
                                                     std::size_t instance) const noexcept {
  if (!of_ || instance > 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(of_->which());
}

file_view data_transaction::file(direction way, std::size_t i) const noexcept {
  if (i >= files(way))
    return {};
  return {of_ ? std::string_view{of_->file_name()} : std::string_view{}, content_.view(),
          is_cut_ || content_.has_gap()};
}

void data_transaction::write_members(json_writer& json) const {
  if (!of_)
    return;
  if (!of_->file_name().empty())
    json.member("filename", of_->file_name());
  json.member("command", of_->which() == transfer::command::stor ? "STOR" : "RETR");
}

/// The transaction of the direction that carries the file: the first that has bytes.
data_transaction* data_parser::file_of(direction way) {
  if (!live_.empty())
    return live_.newest().way() == way ? &live_.newest() : nullptr;
  if (is_over_)
    return nullptr;
  return &live_.add(std::make_unique<data_transaction>(of_, way, files_));
}

parse_status data_parser::bytes(direction way, byte_view bytes, timestamp) {
  if (auto* one = file_of(way); one != nullptr && !one->is_done())
    one->append(bytes);
  return parse_status::consumed;
}

parse_status data_parser::gap(direction way, std::uint64_t size) {
  if (auto* one = file_of(way); one != nullptr && !one->is_done())
    size == 0 ? one->cut() : one->lose(size);
  return parse_status::resynchronised;
}

void data_parser::end(direction way) {
  if (!live_.empty() && live_.newest().way() == way)
    live_.newest().complete();
}

void data_parser::release(std::uint64_t number) noexcept {
  is_over_ = live_.take(number) != nullptr || is_over_;
}

} // namespace cresset::detect::proto::ftp
