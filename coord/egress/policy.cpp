// The policy's YAML:
//
//     name: demo
//     default-mode: analyst                  # or two-persons; never automatic
//     onward: as-marked                      # none, ask, as-marked
//     classes:                               # RSIT class, or class/type, which goes first
//       intrusion-attempts/exploit: automatic
//     recipients:                            # TLP label: who may get it
//       CLEAR: [all]
//       AMBER: [south-cert]
//     partners:
//       south-cert: {highest-tlp: AMBER}
//
// yaml-cpp throws; its exceptions end in read_policy.
#include "coord/egress/policy.hpp"

#include "coord/incident/rsit.hpp"
#include "coord/signed/canonical_json.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cresset::coord::egress {
namespace {

using incident::tlp;
using signed_::json_value;

/// Ends reading; caught in read_policy.
struct refusal {
  YAML::Mark where;
  std::string what;
};

[[noreturn]] void refuse(const YAML::Node& at, std::string what) {
  throw refusal{at.Mark(), std::move(what)};
}

void need_map(const YAML::Node& node, std::string_view what) {
  if (!node.IsMap())
    refuse(node, std::string{what} + " must be a map");
}

std::string text(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar())
    refuse(node, std::string{what} + " must be one word");
  return node.Scalar();
}

std::optional<release_mode> mode_named(std::string_view word) {
  for (const auto mode :
       {release_mode::automatic, release_mode::analyst, release_mode::two_persons})
    if (word == to_string(mode))
      return mode;
  return std::nullopt;
}

release_mode read_mode(const YAML::Node& node) {
  const auto word = text(node, "a release mode");
  const auto mode = mode_named(word);
  if (!mode)
    refuse(node, "release mode \"" + word + "\" is none of automatic, analyst, two-persons");
  return *mode;
}

tlp read_label(const YAML::Node& node) {
  auto word = text(node, "a TLP label");
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (word.starts_with("tlp:"))
    word.erase(0, 4);
  const auto label = incident::tlp_from(word);
  if (!label)
    refuse(node,
           "\"" + node.Scalar() + "\" is no TLP 2.0 label (CLEAR, GREEN, AMBER, AMBER+STRICT)");
  if (*label == tlp::red)
    refuse(node, "RED never crosses a link: take it out of the policy and call the partner");
  return *label;
}

void read_class(const YAML::Node& key, const YAML::Node& value, policy& into) {
  const auto word = text(key, "a class");
  const auto slash = word.find('/');
  const incident::rsit code{word.substr(0, slash),
                            slash == word.npos ? "" : word.substr(slash + 1)};
  if (!incident::is_known(code))
    refuse(key, "\"" + word + "\" is no class or class/type of RSIT 1003");
  if (!into.modes.emplace(word, read_mode(value)).second)
    refuse(key, "class \"" + word + "\" stands twice");
}

void read_recipients(const YAML::Node& key, const YAML::Node& value, policy& into) {
  auto& row = into.by_label[static_cast<std::size_t>(read_label(key))];
  if (!value.IsSequence())
    refuse(value, "recipients of a label must be a list, such as [all] or [south-cert]");
  for (const auto& element : value) {
    const auto name = text(element, "a recipient");
    if (name == "all")
      row.all = true;
    else if (!into.partners.contains(name))
      refuse(element, "recipient \"" + name + "\" is not under partners");
    else
      row.partners.insert(name);
  }
}

void read_partner(const YAML::Node& key, const YAML::Node& value, policy& into) {
  const auto name = text(key, "a partner");
  if (!signed_::is_short_name(name) || name == "all")
    refuse(key, "\"" + name + "\" is no partner's name (a-z, 0-9, -)");
  need_map(value, "a partner");
  partner_terms terms;
  bool has_highest = false;
  for (const auto& member : value) {
    if (text(member.first, "a key") != "highest-tlp")
      refuse(member.first,
             "unknown key \"" + member.first.Scalar() + "\"; a partner has highest-tlp");
    terms.highest = read_label(member.second);
    has_highest = true;
  }
  if (!has_highest)
    refuse(key, "partner \"" + name + "\" has no highest-tlp");
  if (!into.partners.emplace(name, terms).second)
    refuse(key, "partner \"" + name + "\" stands twice");
}

template <typename Each>
void for_each(const YAML::Node& root, const char* name, policy& into, Each each) {
  const auto node = root[name];
  if (!node)
    return;
  need_map(node, name);
  for (const auto& member : node)
    each(member.first, member.second, into);
}

void read_heading(const YAML::Node& root, policy& into) {
  static constexpr std::array<std::string_view, 6> known{"name",    "default-mode", "onward",
                                                         "classes", "recipients",   "partners"};
  for (const auto& member : root)
    if (std::find(known.begin(), known.end(), text(member.first, "a key")) == known.end())
      refuse(member.first, "unknown key \"" + member.first.Scalar() + "\"");
  if (!root["name"])
    refuse(root, "the policy has no name");
  into.name = text(root["name"], "name");
  if (const auto mode = root["default-mode"]) {
    into.otherwise = read_mode(mode);
    if (into.otherwise == release_mode::automatic)
      refuse(mode, "default-mode may not be automatic: name the classes that leave by themselves");
  }
  if (const auto onward = root["onward"]) {
    const auto terms = signed_::onward_terms_from(text(onward, "onward"));
    if (!terms)
      refuse(onward, "onward is none of none, ask, as-marked");
    into.onward = *terms;
  }
}

} // namespace

std::string_view to_string(release_mode mode) noexcept {
  switch (mode) {
  case release_mode::automatic: return "automatic";
  case release_mode::analyst: return "analyst";
  case release_mode::two_persons: return "two-persons";
  }
  return "unknown";
}

signed_::digest policy::hash() const {
  json_value classes = json_value::empty_object();
  for (const auto& [code, mode] : modes)
    classes.set(code, to_string(mode));
  json_value labels = json_value::empty_object();
  for (std::size_t i = 0; i < by_label.size(); ++i) {
    json_value::array names{by_label[i].partners.begin(), by_label[i].partners.end()};
    if (by_label[i].all)
      names.emplace_back("all");
    labels.set(to_string(static_cast<tlp>(i)), std::move(names));
  }
  json_value terms = json_value::empty_object();
  for (const auto& [partner, given] : partners)
    terms.set(partner, to_string(given.highest));
  const auto bytes =
      signed_::write_canonical(json_value::object{{"name", name},
                                                  {"default-mode", to_string(otherwise)},
                                                  {"onward", to_string(onward)},
                                                  {"classes", std::move(classes)},
                                                  {"recipients", std::move(labels)},
                                                  {"partners", std::move(terms)}});
  return signed_::digest::of(*bytes);
}

expected<policy, policy_error> read_policy(std::string_view yaml, std::string_view source) {
  const auto wrong = [&](const YAML::Mark& at, const std::string& what) {
    return unexpected{policy_error{std::string{source} + ":" + std::to_string(at.line + 1) + ":" +
                                   std::to_string(at.column + 1) + ": " + what}};
  };
  if (yaml.size() > policy_limit_bytes)
    return unexpected{policy_error{std::string{source} + ": larger than 256 KiB"}};
  try {
    const auto root = YAML::Load(std::string{yaml});
    need_map(root, "a policy");
    policy read;
    read_heading(root, read);
    for_each(root, "partners", read, read_partner);
    for_each(root, "recipients", read, read_recipients);
    for_each(root, "classes", read, read_class);
    if (!signed_::read_json("\"" + read.name + "\""))
      refuse(root["name"], "the name must be plain UTF-8 text");
    return read;
  } catch (const refusal& found) {
    return wrong(found.where, found.what);
  } catch (const YAML::Exception& found) {
    return wrong(found.mark, found.msg);
  }
}

expected<policy, policy_error> load_policy(const std::filesystem::path& path) {
  std::ifstream in{path};
  std::stringstream text;
  if (!in || !(text << in.rdbuf()))
    return unexpected{
        policy_error{path.string() + ": cannot be read; `sharing.policy` names the policy file"}};
  return read_policy(text.str(), path.string());
}

} // namespace cresset::coord::egress
