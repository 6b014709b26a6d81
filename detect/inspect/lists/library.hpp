#pragma once

#include "capture/base/expected.hpp"
#include "detect/inspect/lists/country_database.hpp"
#include "detect/inspect/lists/dataset.hpp"
#include "detect/inspect/lists/public_suffixes.hpp"
#include "detect/inspect/lists/reputation.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::inspect::lists {

/// A set that the configuration names, so that rules need not say where it lies.
struct configured_dataset {
  std::string name{};
  rule::payload::dataset_type type{};
  std::string load{};
  std::string state{}; ///< loaded from there where there is no `load`, and saved there at the end
  std::uint64_t memcap_bytes = 0;
};

struct library_settings {
  /// Below it sets are saved, and looked for when they lie neither beside the rules nor where the
  /// program runs.
  std::filesystem::path data_folder{};
  std::uint64_t memcap_bytes = 0; ///< of a set that says nothing; 0: the set's own default
  std::vector<configured_dataset> datasets{};
  std::filesystem::path categories_file{};
  std::filesystem::path reputation_folder{};
  std::vector<std::string> reputation_files{};
  std::filesystem::path countries_file{}; ///< in the MaxMind DB format
  std::filesystem::path suffix_file{public_suffixes::default_file};
};

/// The lists that rules name, each loaded once: sets of values, reputations, public suffixes.
/// Filled while rules are made ready; then only the sets' values change.
class library {
public:
  library() = default;
  /// Loads what the configuration names. Throws std::runtime_error naming the file that is wrong.
  explicit library(library_settings from);

  /// The set a rule names, loaded when it is named first. `folder` is that of the rule's file. A
  /// sentence when it has no type, another type than before, or its file is wrong.
  expected<std::shared_ptr<dataset>, std::string> open(const rule::payload::dataset& named,
                                                       const std::filesystem::path& folder);
  expected<std::shared_ptr<dataset>, std::string> open(const rule::payload::datarep& named,
                                                       const std::filesystem::path& folder);

  /// Null when no reputation is configured.
  const reputation* scores() const noexcept { return scores_ ? &*scores_ : nullptr; }
  /// Null when no database of countries is configured.
  const country_database* countries() const noexcept { return countries_ ? &*countries_ : nullptr; }
  /// The public suffixes, loaded when first asked for; null when the file is not there.
  const public_suffixes* suffixes();

  /// Writes each set that has a place to save to. Answers a sentence for each that could not be.
  std::vector<std::string> save() const;

private:
  struct entry {
    std::shared_ptr<dataset> set;
    std::filesystem::path save_to; ///< empty: nowhere
  };
  struct wanted {
    std::string name;
    rule::payload::dataset_type type{};
    std::string load;
    std::string save;
    std::uint64_t memcap_bytes = 0;
  };
  expected<entry*, std::string> open(const wanted& named, const std::filesystem::path& folder,
                                     bool has_reputation, const rule::payload::dataset* format);
  std::filesystem::path find(const std::string& path, const std::filesystem::path& folder) const;

  library_settings settings_;
  std::map<std::string, entry, std::less<>> sets_;
  std::optional<reputation> scores_;
  std::optional<country_database> countries_;
  std::optional<public_suffixes> suffixes_;
};

} // namespace cresset::detect::inspect::lists
