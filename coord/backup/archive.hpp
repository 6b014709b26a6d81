#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/expected.hpp"
#include "coord/signed/digest.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::backup {

/// Why an archive cannot be written or read: one line with the name and the remedy.
struct archive_error {
  std::string text;
};
template <typename T>
using outcome = expected<T, archive_error>;

/// One file of an archive.
struct archive_member {
  std::string name; ///< relative, '/' between its parts, no ".."
  std::uint64_t size = 0;
  signed_::digest hash;
};

/// Writes an archive as a stream: a tar file (POSIX ustar; sizes over 8 GiB in base 256, as GNU tar
/// reads them) whose last member SHA256SUMS names the hash of every other one, so that `tar` and
/// `sha256sum -c` can check it without us. It is written beside its name with ".part" behind it,
/// mode 0600, and gets its name with everything on the disk.
class archive_writer {
public:
  static constexpr std::string_view sums_name = "SHA256SUMS";

  /// Refuses a file that is there already.
  static outcome<archive_writer> create(std::filesystem::path file);
  archive_writer(archive_writer&&) noexcept;
  archive_writer& operator=(archive_writer&&) = delete;
  /// Removes what was not finished.
  ~archive_writer();

  /// A member whose bytes are at hand.
  outcome<void> add(std::string_view name, byte_view bytes);
  /// A member of unknown size: begin, write any number of times, end.
  outcome<void> begin(std::string_view name);
  outcome<void> write(byte_view bytes);
  outcome<void> end();
  /// Completes the file; the hash of SHA256SUMS stands for the whole archive.
  outcome<signed_::digest> finish();

private:
  class state;
  explicit archive_writer(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// What a member's bytes go to, piece by piece.
using byte_sink = std::function<outcome<void>(byte_view piece)>;

/// Reads an archive from front to back.
class archive_reader {
public:
  static outcome<archive_reader> open(const std::filesystem::path& file);
  archive_reader(archive_reader&&) noexcept;
  archive_reader& operator=(archive_reader&&) = delete;
  ~archive_reader();

  /// Gives every member but SHA256SUMS to `chosen`, which answers where its bytes go (none: they
  /// are hashed and left out). At the end holds what was read against SHA256SUMS: a member that is
  /// missing, added or changed is an error.
  /// Gives the members and, last, SHA256SUMS itself.
  outcome<std::vector<archive_member>>
  read(const std::function<outcome<byte_sink>(const archive_member&)>& chosen);

private:
  explicit archive_reader(int fd) noexcept : fd_{fd} {}
  int fd_ = -1;
};

/// Whether a name may be unpacked: relative, no empty part, no "." or "..", no NUL; at most 99
/// bytes.
bool is_member_name(std::string_view name) noexcept;

} // namespace cresset::coord::backup
