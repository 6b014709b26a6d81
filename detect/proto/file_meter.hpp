#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace cresset::detect::proto {

/// One file on its way to where whole files are kept. Dropped without `keep`, nothing stays of it.
class file_spool {
public:
  virtual ~file_spool() = default;
  /// Bytes behind those given before; over the keeper's limit they are refused and counted.
  virtual void append(byte_view bytes) noexcept = 0;
  /// The file is wanted: it stays, under the name made of its digest. False when it could not be
  /// kept.
  virtual bool keep(const std::string& sha256) noexcept = 0;
};

/// Where whole files go. Shared by all workers.
class file_keeper {
public:
  virtual ~file_keeper() = default;
  /// Null when no more files may be open, or the disk refuses.
  virtual std::unique_ptr<file_spool> open() noexcept = 0;
};

/// What is made of every file's bytes as they come: what the rules and the configuration ask for.
struct file_settings {
  bool md5 = false;
  bool sha1 = false;
  bool sha256 = false;
  file_keeper* keeper = nullptr; ///< null: no more of a file is kept than its protocol retains

  bool wants_any() const noexcept { return md5 || sha1 || sha256 || keeper != nullptr; }
};

/// For a parser that is made without wishes.
inline constexpr file_settings no_digests{};

/// The digests of one file, computed as its bytes come, and its spool where it may have to be
/// stored. A file with a gap has no digest.
class file_meter {
public:
  /// `wanted` must outlive the meter.
  explicit file_meter(const file_settings& wanted);
  ~file_meter();
  file_meter(const file_meter&) = delete;
  file_meter& operator=(const file_meter&) = delete;

  /// `retained` is what the protocol has kept of the file until now, from its begin; the spool
  /// begins when that is no longer the whole file.
  void append(byte_view bytes, byte_view retained, bool is_retained);
  void lose(byte_view retained);
  /// The file is over: digests are final.
  void finish();

  bool is_finished() const noexcept { return is_finished_; }
  /// In lower-case hexadecimal digits; empty when not asked for, not yet final or with a gap.
  const std::string& md5() const noexcept { return digests_[0]; }
  const std::string& sha1() const noexcept { return digests_[1]; }
  const std::string& sha256() const noexcept { return digests_[2]; }
  /// Where the file went that was larger than what is retained; null when it did not.
  file_spool* spool() const noexcept { return spool_.get(); }
  file_keeper* keeper() const noexcept { return wanted_.keeper; }

private:
  struct computations;
  void spill(byte_view retained);

  const file_settings& wanted_;
  std::unique_ptr<computations> running_; ///< null when no digest is asked for, or none can be made
  std::unique_ptr<file_spool> spool_;
  std::string digests_[3];
  bool has_spilled_ = false;
  bool has_gap_ = false;
  bool is_finished_ = false;
};

} // namespace cresset::detect::proto
