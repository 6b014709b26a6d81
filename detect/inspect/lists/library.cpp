#include "detect/inspect/lists/library.hpp"

#include "detect/inspect/lists/dataset_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

namespace cresset::detect::inspect::lists {

using rule::payload::dataset_type;

namespace {

std::string text_or_throw(const std::filesystem::path& file) {
  auto text = read_list_file(file);
  if (!text)
    throw std::runtime_error{text.error()};
  return *std::move(text);
}

void or_throw(const expected<void, std::string>& loaded, const std::filesystem::path& file) {
  if (!loaded)
    throw std::runtime_error{fmt::format("{}: {}", file.string(), loaded.error())};
}

} // namespace

library::library(library_settings from) : settings_{std::move(from)} {
  for (const auto& set : settings_.datasets) {
    const auto opened =
        open({set.name, set.type, set.load, set.state, set.memcap_bytes}, {}, false, nullptr);
    if (!opened)
      throw std::runtime_error{fmt::format("dataset {}: {}", set.name, opened.error())};
  }
  if (!settings_.countries_file.empty()) {
    auto countries = country_database::from(text_or_throw(settings_.countries_file));
    if (!countries)
      throw std::runtime_error{
          fmt::format("{}: {}", settings_.countries_file.string(), countries.error())};
    countries_ = *std::move(countries);
  }
  if (settings_.reputation_files.empty())
    return;
  scores_.emplace();
  or_throw(scores_->load_categories(text_or_throw(settings_.categories_file)),
           settings_.categories_file);
  for (const auto& name : settings_.reputation_files) {
    const auto file = settings_.reputation_folder / name;
    or_throw(scores_->load_scores(text_or_throw(file)), file);
  }
}

/// Beside the rules, where the program runs, below the data folder: the first that is there.
std::filesystem::path library::find(const std::string& path,
                                    const std::filesystem::path& folder) const {
  const std::filesystem::path written{path};
  if (written.is_absolute())
    return written;
  std::error_code error;
  for (const auto& place : {folder / written, written, settings_.data_folder / written})
    if (std::filesystem::exists(place, error))
      return place;
  return folder / written;
}

expected<library::entry*, std::string> library::open(const wanted& named,
                                                     const std::filesystem::path& folder,
                                                     bool has_reputation,
                                                     const rule::payload::dataset* format) {
  if (const auto found = sets_.find(named.name); found != sets_.end()) {
    if (named.type != dataset_type::unknown && named.type != found->second.set->of())
      return unexpected{fmt::format("dataset {} is of another type already", named.name)};
    return &found->second;
  }
  if (named.type == dataset_type::unknown)
    return unexpected{
        fmt::format("dataset {} is not known, and the rule does not say its type", named.name)};
  const auto memcap = named.memcap_bytes != 0 ? named.memcap_bytes : settings_.memcap_bytes;
  entry made{std::make_shared<dataset>(named.name, named.type, memcap), {}};
  if (!named.save.empty())
    made.save_to = settings_.data_folder / named.save;
  // a set with a state begins with what it was saved with; the first time there is no file
  std::error_code error;
  const bool from_state = named.load.empty() && !named.save.empty();
  const auto file = from_state ? made.save_to : find(named.load, folder);
  if (!named.load.empty() || (from_state && std::filesystem::exists(file, error))) {
    const auto text = read_list_file(file);
    if (!text)
      return unexpected{fmt::format("dataset {}: {}", named.name, text.error())};
    dataset_format written{.has_reputation = has_reputation};
    if (format != nullptr)
      written = {format->written_as,           format->value_key,  format->array_key,
                 !format->context_key.empty(), format->remove_key, false};
    const auto loaded = load_dataset(*made.set, *text, written);
    if (!loaded)
      return unexpected{
          fmt::format("dataset {}: {}: {}", named.name, file.string(), loaded.error())};
  }
  return &sets_.emplace(named.name, std::move(made)).first->second;
}

expected<std::shared_ptr<dataset>, std::string> library::open(const rule::payload::dataset& named,
                                                              const std::filesystem::path& folder) {
  const auto opened = open({named.name, named.type, named.load, named.save, named.memcap_bytes},
                           folder, false, &named);
  if (!opened)
    return unexpected{opened.error()};
  return (*opened)->set;
}

expected<std::shared_ptr<dataset>, std::string> library::open(const rule::payload::datarep& named,
                                                              const std::filesystem::path& folder) {
  const auto opened =
      open({named.name, named.type, named.load, {}, named.memcap_bytes}, folder, true, nullptr);
  if (!opened)
    return unexpected{opened.error()};
  return (*opened)->set;
}

const public_suffixes* library::suffixes() {
  if (!suffixes_) {
    suffixes_.emplace();
    if (const auto text = read_list_file(settings_.suffix_file))
      suffixes_->load(*text);
  }
  return suffixes_->empty() ? nullptr : &*suffixes_;
}

std::vector<std::string> library::save() const {
  std::vector<std::string> wrong;
  for (const auto& [name, one] : sets_) {
    if (one.save_to.empty())
      continue;
    std::error_code error;
    std::filesystem::create_directories(one.save_to.parent_path(), error);
    // beside it first: a crash leaves the old file or the new one, never half of either
    auto beside = one.save_to;
    beside += ".new";
    std::ofstream out{beside, std::ios::binary | std::ios::trunc};
    out << dataset_text(*one.set);
    out.close();
    if (out)
      std::filesystem::rename(beside, one.save_to, error);
    if (!out || error)
      wrong.push_back(fmt::format("dataset {}: {} cannot be written", name, one.save_to.string()));
  }
  return wrong;
}

} // namespace cresset::detect::inspect::lists
