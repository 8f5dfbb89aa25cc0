echo '{"stream": "people", "row": {"id": "E-1", "name": "Ada Example", "email": "ada@example.com", "status": "here"}}'
echo '{"stream": "people", "row": {"id": "E-2", "name": "Ben Example", "email": "ben@example.com", "status": "here"}}'
echo '{"stream": "people", "row": {"id": "E-3", "name": "Cara Example", "email": "cara@example.com", "status": "left"}}'
echo '{"stream": "people", "end": true, "rows": 3}'
exit 3
