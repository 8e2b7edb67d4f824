"""The chat template with which a reader renders: a model's own may write other words around the same messages.

ChatML as Qwen writes it, but that each tool result is a turn of its own, so that every message is rendered alike alone
and in company, which veRL asks for; and `generation` marks all that the assistant writes.
"""

TEMPLATE = """
{%- if tools and messages[0].role != 'system' %}{{ '<|im_start|>system\\n' }}
{%- for tool in tools %}{{ '<tool>' + (tool | tojson) + '</tool>\\n' }}{% endfor %}{{ '<|im_end|>\\n' }}{% endif %}
{%- for message in messages %}
{%- if message.role == 'system' %}{{ '<|im_start|>system\\n' + message.content }}
{%- if tools and loop.first %}
{%- for tool in tools %}{{ '\\n<tool>' + (tool | tojson) + '</tool>' }}{% endfor %}{% endif %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}{{ '<|im_start|>assistant\\n' }}{% generation %}{{ message.content or '' }}
{%- for tool_call in message.tool_calls or [] %}
{{- '\\n<tool_call>\\n{"name": "' + tool_call.function.name + '", "arguments": ' }}
{%- if tool_call.function.arguments is string %}{{ tool_call.function.arguments }}
{%- else %}{{ tool_call.function.arguments | tojson }}{% endif %}{{ '}\\n</tool_call>' }}{% endfor %}
{{- '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}
{%- else %}{{ '<|im_start|>' + message.role + '\\n' + (message.content or '') + '<|im_end|>\\n' }}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
