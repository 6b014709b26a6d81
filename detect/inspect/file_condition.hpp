#pragma once

#include "capture/base/expected.hpp"
#include "detect/inspect/signature.hpp"
#include "detect/proto/transaction.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace cresset::detect::inspect {

/// The hashes of one list file of a rule, for `filemd5`, `filesha1`, `filesha256`. Immutable.
class file_hashes {
public:
  static constexpr std::uintmax_t limit_bytes = 256U << 20;

  /// One hash a line, in hexadecimal digits; what stands behind it on the line is not read, nor are
  /// lines that begin with '#'. Refused with a sentence naming the line.
  static expected<std::shared_ptr<const file_hashes>, std::string>
  read(const std::filesystem::path& file, rule::options::hash_list::algorithm with);

  /// `digest` as hexadecimal digits in lower case.
  bool has(std::string_view digest) const noexcept;
  std::size_t size() const noexcept { return digests_.size() / std::max<std::size_t>(width_, 1); }

private:
  std::size_t width_ = 0; ///< digits of one hash
  std::string digests_;   ///< all of them, sorted, one behind the other
};

/// Where a rule's list file lies: beside the rules, unless its path is absolute.
std::filesystem::path list_path(const std::string& written, const rule::rule& of);

/// What can be asked of a file beside its bytes: digests, and the kind libmagic sees.
struct file_facts {
  const proto::file_view& file;
  std::string_view magic; ///< empty while not known
};

/// The digest of a file that is over, in hexadecimal digits; of a small file that no meter counted
/// it is computed here. Empty for one that is open or has a gap.
std::string digest_of(const proto::body_view& content, rule::options::hash_list::algorithm with);

/// Judges a condition on a file. Precondition: its layer is `file`.
bool holds(const ready_condition& c, const file_facts& of);

/// What the rules want to be made of all files.
struct file_needs {
  bool md5 = false;
  bool sha1 = false;
  bool sha256 = false;
  bool magic = false;
  bool storage = false; ///< a rule may ask for whole files
};
file_needs needs_of(std::span<const signature> rules) noexcept;

} // namespace cresset::detect::inspect
