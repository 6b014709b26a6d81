# Joins openapi.json and the fragments of the subjects into one document, in one source:
#   cmake -DOUTPUT=… -DBASE=openapi.json "-DFRAGMENTS=openapi/a.json;openapi/b.json" -P join_openapi.cmake
# A fragment is {"paths": {…}, "schemas": {…}}, as in `paths` and `components.schemas` of the whole. A path or a schema that is
# there already is a mistake, and said.
cmake_minimum_required(VERSION 3.25)

file(READ ${BASE} document)
set(parts "")

macro(join_member fragment from name)
  string(JSON known ERROR_VARIABLE missing GET "${document}" ${ARGN} "${name}")
  if(missing STREQUAL "NOTFOUND")
    message(FATAL_ERROR "${fragment}: ${name} is described elsewhere already")
  endif()
  string(JSON member GET "${text}" ${from} "${name}")
  string(JSON document SET "${document}" ${ARGN} "${name}" "${member}")
endmacro()

function(join fragment)
  file(READ ${fragment} text)
  foreach(from paths schemas)
    set(into ${from})
    if(from STREQUAL "schemas")
      set(into components schemas)
    endif()
    string(JSON count ERROR_VARIABLE absent LENGTH "${text}" ${from})
    if(absent STREQUAL "NOTFOUND" AND count GREATER 0)
      math(EXPR last "${count} - 1")
      foreach(i RANGE ${last})
        string(JSON name MEMBER "${text}" ${from} ${i})
        join_member(${fragment} ${from} "${name}" ${into})
      endforeach()
    endif()
  endforeach()
  set(document "${document}" PARENT_SCOPE)
endfunction()

set(base "${document}")
foreach(fragment ${FRAGMENTS})
  join(${fragment})
  get_filename_component(subject ${fragment} NAME_WE)
  file(READ ${fragment} text)
  string(APPEND parts "  if (subject == \"${subject}\")\n    return R\"openapi(${text})openapi\";\n")
endforeach()

file(WRITE ${OUTPUT} "// Made from coord/api/openapi.json and coord/api/openapi/*.json by join_openapi.cmake.
#include \"coord/api/openapi.hpp\"

namespace cresset::coord::api {

std::string_view openapi_document() noexcept {
  return R\"openapi(${document})openapi\";
}

std::string_view openapi_of(std::string_view subject) noexcept {
  if (subject.empty())
    return R\"openapi(${base})openapi\";
${parts}  return {};
}

} // namespace cresset::coord::api
")
