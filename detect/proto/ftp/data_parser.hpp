#pragma once

#include "detect/proto/gathered_body.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <memory>
#include <string>

namespace cresset::detect::proto::ftp {

/// Buffers and fields of FTP's data connections for rules.
extern const protocol_description data_description;

/// What the control connection said of the transfer to come.
class transfer final : public announced {
public:
  enum class command : std::uint8_t { stor = 1, retr = 2 };

  transfer(command which, std::string_view file_name) : which_{which}, file_name_{file_name} {}
  command which() const noexcept { return which_; }
  const std::string& file_name() const noexcept { return file_name_; }

private:
  command which_;
  std::string file_name_;
};

/// The one transaction of a data connection: a file, in the direction its bytes go.
class data_transaction final : public transaction {
public:
  static constexpr std::uint64_t file_limit_bytes = 100 * 1024;

  data_transaction(std::shared_ptr<const transfer> of, direction way, const file_settings& files);

  void append(byte_view bytes);
  void lose(std::uint64_t size) { content_.lose(size); }
  /// The stream is not followed to its end.
  void cut() noexcept { is_cut_ = true; }
  void complete();
  direction way() const noexcept { return way_; }

  bool concerns(direction way) const noexcept override { return way == way_; }
  std::size_t instances(buffer_id) const noexcept override { return content_.is_empty() ? 0 : 1; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override {
    return std::nullopt;
  }
  body_view body(buffer_id) const noexcept override { return content_.view(); }
  std::size_t field_instances(field_id) const noexcept override { return 1; }
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::size_t files(direction way) const noexcept override {
    return way == way_ && !content_.is_empty() ? 1 : 0;
  }
  file_view file(direction way, std::size_t i) const noexcept override;
  void write_members(json_writer& json) const override;

private:
  std::shared_ptr<const transfer> of_;
  direction way_;
  gathered_body content_;
  bool is_cut_ = false;
};

/// A data connection of FTP (RFC 959 3.2) that its control connection announced: the bytes of one
/// file, and nothing else.
class data_parser final : public stream_parser {
public:
  /// `files` must outlive the parser. `of` may be null: then nobody said what this carries.
  data_parser(std::shared_ptr<const announced> of, const file_settings& files) noexcept
      : of_{std::dynamic_pointer_cast<const transfer>(std::move(of))}, files_{files} {}

  std::string_view protocol() const noexcept override { return "ftp-data"; }
  parse_status bytes(direction way, byte_view bytes, timestamp at) override;
  parse_status gap(direction way, std::uint64_t size) override;
  void end(direction way) override;
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override;

private:
  data_transaction* file_of(direction way);

  std::shared_ptr<const transfer> of_;
  const file_settings& files_;
  transaction_list<data_transaction> live_;
  bool is_over_ = false;
};

} // namespace cresset::detect::proto::ftp
