#include "coord/stix/markings.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::stix {
namespace {

using incident::tlp;

struct known_marking {
  std::string_view id;
  tlp label;
};

// TLP 2.0 first, in the order of the labels; then the four of TLP 1, which older senders still use.
// Its amber said nothing of clients, and maps to the label of the same name.
constexpr std::array<known_marking, 9> known{{
    {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", tlp::clear},
    {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", tlp::green},
    {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", tlp::amber},
    {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", tlp::amber_strict},
    {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", tlp::red},
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", tlp::clear},
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", tlp::green},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", tlp::amber},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", tlp::red},
}};

} // namespace

std::string_view marking_id(tlp label) noexcept {
  return known[static_cast<std::size_t>(label)].id;
}

std::optional<tlp> label_of(std::string_view marking_id) noexcept {
  const auto at = std::find_if(known.begin(), known.end(),
                               [&](const auto& entry) { return entry.id == marking_id; });
  return at == known.end() ? std::nullopt : std::optional{at->label};
}

std::optional<tlp> strictest(std::span<const std::string> marking_ids) noexcept {
  std::optional<tlp> found;
  for (const std::string& id : marking_ids)
    if (const auto label = label_of(id); label && (!found || *label > *found))
      found = label;
  return found;
}

std::string written(tlp label) {
  std::string text = "TLP:" + std::string{to_string(label)};
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

} // namespace cresset::coord::stix
