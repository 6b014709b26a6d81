#include "detect/sensor/flow_variables.hpp"

#include "capture/base/json_writer.hpp"

namespace cresset::detect::sensor {
namespace {

constexpr std::string_view id_prefix = "traffic/id/", label_prefix = "traffic/label/";

template <typename Pairs>
void write_pairs(json_writer& json, std::string_view name, const Pairs& pairs) {
  if (pairs.empty())
    return;
  json.key(name).begin_array();
  for (const auto& [key, value] : pairs)
    json.begin_object().member(key, std::string_view{value}).end_object();
  json.end_array();
}

} // namespace

std::string metadata_members(const inspect::flow_record* flow, const inspect::named_texts* packet) {
  std::string members;
  json_writer json{members};
  if (flow != nullptr && !flow->bits.empty()) {
    json.key("flowbits").begin_array();
    for (const auto& name : flow->bits)
      json.text(name);
    json.end_array();
  }
  if (flow != nullptr && !flow->numbers.empty()) {
    json.key("flowints").begin_object();
    for (const auto& [name, value] : flow->numbers)
      json.member(name, value);
    json.end_object();
  }
  if (flow != nullptr)
    write_pairs(json, "flowvars", flow->variables);
  if (packet != nullptr)
    write_pairs(json, "pktvars", *packet);
  if (flow != nullptr && !flow->entropies.empty()) {
    json.key("entropy").begin_object();
    for (const auto& [buffer, bits] : flow->entropies)
      json.key(buffer).real(bits);
    json.end_object();
  }
  return members;
}

std::string traffic_member(const inspect::flow_record* flow) {
  std::string member;
  if (flow == nullptr)
    return member;
  json_writer json{member};
  bool begun = false;
  for (const auto& [prefix, name] : {std::pair{id_prefix, "id"}, {label_prefix, "label"}}) {
    auto bit = flow->bits.lower_bound(prefix);
    if (bit == flow->bits.end() || !bit->starts_with(prefix))
      continue;
    if (!std::exchange(begun, true))
      json.key("traffic").begin_object();
    json.key(name).begin_array();
    for (; bit != flow->bits.end() && bit->starts_with(prefix); ++bit)
      json.text(std::string_view{*bit}.substr(prefix.size()));
    json.end_array();
  }
  if (begun)
    json.end_object();
  return member;
}

void append_variables(std::string& line, const inspect::flow_record* flow,
                      const inspect::named_texts* packet) {
  if (const auto members = metadata_members(flow, packet); !members.empty())
    line += ",\"metadata\":{" + members + "}";
  if (const auto traffic = traffic_member(flow); !traffic.empty())
    line += "," + traffic;
}

} // namespace cresset::detect::sensor
