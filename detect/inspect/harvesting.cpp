#include "detect/inspect/harvesting.hpp"

#include "detect/inspect/flow_record.hpp"
#include "detect/inspect/packet_field.hpp"

#include "capture/base/json_writer.hpp"

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using rule::payload::buffer_source;
using rule::payload::pcre;

/// The first instance of the section's buffer that matches.
bool match_transaction(const section& one, const proto::transaction& tx,
                       proto::app_protocol protocol, buffer::workspace& work) {
  for (const auto& at : one.places) {
    if (at.protocol != protocol)
      continue;
    if (at.gathered) {
      const auto body = tx.body(at.id);
      if (body.total != 0 && matches(one, {.bytes = body.bytes}, work))
        return true;
      continue;
    }
    for (std::size_t i = 0, count = tx.instances(at.id); i < count; ++i)
      if (const auto bytes = tx.buffer(at.id, i); bytes && matches(one, {.bytes = *bytes}, work))
        return true;
  }
  return false;
}

bool match_section(const section& one, const match& found, const subject& on,
                   buffer::workspace& work) {
  switch (one.source->keyword->source) {
  case buffer_source::payload:
  case buffer_source::frame:
    return matches(one, {.bytes = found.on_stream ? found.inspected : on.payload()}, work);
  case buffer_source::packet: {
    const auto bytes = packet_buffer(one.source->name(), on);
    return bytes && matches(one, {.bytes = *bytes}, work);
  }
  case buffer_source::decoded: {
    const auto decoded = work.decoded; // the tests may decode again
    return matches(one, {.bytes = decoded}, work);
  }
  default: break;
  }
  if (found.transaction == nullptr || on.flow == nullptr || !on.flow->parser)
    return false;
  const auto protocol = proto::app_protocol_from(on.flow->parser->protocol());
  return protocol && match_transaction(one, *found.transaction, *protocol, work);
}

/// "file.data" is told as "file_data".
std::string told_name(std::string_view buffer) {
  std::string name{buffer.empty() ? std::string_view{"payload"} : buffer};
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

void keep(buffer::harvest::value taken, match& found, subject& on, named_texts& packet_variables) {
  if (taken.where == pcre::scope::flow && on.record != nullptr) {
    auto& variables = on.record->variables;
    if (variables.size() < flow_record::limit_names || variables.contains(taken.name))
      variables.insert_or_assign(std::move(taken.name), std::move(taken.bytes));
  } else if (taken.where == pcre::scope::packet) {
    if (packet_variables.size() < flow_record::limit_names)
      packet_variables.emplace_back(std::move(taken.name), std::move(taken.bytes));
  } else if (taken.where == pcre::scope::alert) {
    json_writer json{found.context, !found.context.empty()};
    json.key(taken.name);
    if (taken.is_json)
      json.raw(taken.bytes);
    else
      json.text(taken.bytes);
  }
}

} // namespace

void take_along(match& found, subject& on, named_texts& packet_variables, buffer::workspace& work) {
  for (const auto& one : found.signature->sections) {
    buffer::harvest taken;
    // sections without a harvest are gone through as well: one may decode for the next
    work.gathers = one.tests.harvests ? &taken : nullptr;
    const bool matched = match_section(one, found, on, work);
    work.gathers = nullptr;
    if (!matched)
      continue;
    for (auto& value : taken.values)
      keep(std::move(value), found, on, packet_variables);
    for (auto& change : taken.changes)
      change.adds ? change.set->add(std::move(change.element)) : change.set->remove(change.element);
    if (taken.entropy && on.record != nullptr &&
        on.record->entropies.size() < flow_record::limit_names)
      on.record->entropies.insert_or_assign(told_name(one.source->name()), *taken.entropy);
  }
}

} // namespace cresset::detect::inspect
