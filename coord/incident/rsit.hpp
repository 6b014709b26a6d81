#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cresset::coord::incident {

/// Class and type of the Reference Security Incident Taxonomy, version 1003: codes, not words for
/// people. The class is needed ("intrusion-attempts"), the type is desired ("exploit") and may be
/// empty.
struct rsit {
  std::string classification;
  std::string type;

  friend bool operator==(const rsit&, const rsit&) = default;
};

struct rsit_class {
  std::string_view code;
  std::span<const std::string_view> types;
};

/// All eleven classes with their types.
std::span<const rsit_class> rsit_classes() noexcept;
/// Whether the class exists and the type, if there is one, belongs to it.
bool is_known(const rsit& code) noexcept;

} // namespace cresset::coord::incident
