#pragma once

#include "coord/journal/journal.hpp"

#include <set>
#include <string>
#include <vector>

namespace cresset::coord::journal {

/// Where the chain ended when somebody wrote it down elsewhere: on paper, in another CIRT's safe.
/// Without one nobody could tell a chain whose tail was cut.
struct checkpoint {
  journal::head end;

  /// "17 6f3a…": sequence and 64 hex digits.
  std::string to_string() const;
  static std::optional<checkpoint> parse(std::string_view text);
};

enum class fault : std::uint8_t {
  gap,                ///< a sequence is missing, or stands twice
  chain_broken,       ///< `previous` is not the hash of the entry before
  entry_changed,      ///< time, kind, ids or body hash are not what was hashed
  body_changed,       ///< the body is not what was hashed
  body_missing,       ///< no body, and no entry says that it was erased
  checkpoint_cut,     ///< the chain ends before the checkpoint
  checkpoint_differs, ///< another entry stands where the checkpoint was taken
};
std::string_view to_string(fault what) noexcept;

struct finding {
  std::int64_t sequence = 0;
  fault what = fault::gap;
};

/// Holds a whole chain against its hashes, entry by entry in the order of sequence, so that it
/// never has to be in memory.
class verifier {
public:
  explicit verifier(std::optional<checkpoint> known = std::nullopt) : known_{std::move(known)} {}

  void read(const entry& next);
  /// Behind the last entry: all findings, none for a sound chain; at most `finding_limit`.
  std::vector<finding> finish();
  /// Where the chain ends.
  const head& end() const noexcept { return end_; }

  static constexpr std::size_t finding_limit = 1000;

private:
  void find(std::int64_t sequence, fault what);

  std::optional<checkpoint> known_;
  head end_;
  std::set<std::int64_t> bodiless_;
  std::vector<std::pair<std::int64_t, std::int64_t>> erased_;
  std::vector<finding> findings_;
};

} // namespace cresset::coord::journal
