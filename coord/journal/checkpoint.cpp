#include "coord/journal/checkpoint.hpp"

#include "coord/incident/words.hpp"
#include "coord/journal/tombstone.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cresset::coord::journal {
namespace {
constexpr incident::words<fault, 7> faults{{"gap", "chain_broken", "entry_changed", "body_changed",
                                            "body_missing", "checkpoint_cut",
                                            "checkpoint_differs"}};
} // namespace

std::string_view to_string(fault what) noexcept {
  return faults.word(what);
}

std::string checkpoint::to_string() const {
  return fmt::format("{} {}", end.sequence, end.hash.hex());
}

std::optional<checkpoint> checkpoint::parse(std::string_view text) {
  checkpoint read;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), read.end.sequence);
  const auto used = static_cast<std::size_t>(number.ptr - text.data());
  if (number.ec != std::errc{} || read.end.sequence < 1 || used >= text.size() || text[used] != ' ')
    return std::nullopt;
  const auto hash = signed_::digest::parse(text.substr(used + 1));
  if (!hash)
    return std::nullopt;
  read.end.hash = *hash;
  return read;
}

void verifier::find(std::int64_t sequence, fault what) {
  if (findings_.size() < finding_limit)
    findings_.push_back({sequence, what});
}

void verifier::read(const entry& next) {
  if (next.sequence != end_.sequence + 1)
    find(next.sequence, fault::gap);
  if (next.previous != end_.hash)
    find(next.sequence, fault::chain_broken);
  if (hash_of_entry(next) != next.hash)
    find(next.sequence, fault::entry_changed);
  if (!next.body || !next.salt)
    bodiless_.insert(next.sequence);
  else if (hash_of_body(*next.salt, *next.body) != next.body_hash)
    find(next.sequence, fault::body_changed);
  else if (const auto erased = erased_by(next))
    erased_.emplace_back(erased->first, erased->last);
  end_ = {next.sequence, next.hash};
  if (known_ && known_->end.sequence == next.sequence && known_->end.hash != next.hash)
    find(next.sequence, fault::checkpoint_differs);
}

std::vector<finding> verifier::finish() {
  for (const auto& [first, last] : erased_)
    bodiless_.erase(bodiless_.lower_bound(first), bodiless_.upper_bound(last));
  for (const auto sequence : bodiless_)
    find(sequence, fault::body_missing);
  if (known_ && end_.sequence < known_->end.sequence)
    find(end_.sequence, fault::checkpoint_cut);
  return std::move(findings_);
}

} // namespace cresset::coord::journal
